// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "../src/IAssets.sol";
import {IRoyalties} from "../src/IRoyalties.sol";
import {IRoyalty} from "../src/IRoyalty.sol";
import {AssetsGas} from "./gas/AssetsGas.sol";
import {CompaniesGas} from "./gas/CompaniesGas.sol";
import {CreatorsGas} from "./gas/CreatorsGas.sol";
import {AuctionsGas} from "./gas/AuctionsGas.sol";
import {ExchangeGas} from "./gas/ExchangeGas.sol";
import {FractionsGas} from "./gas/FractionsGas.sol";
import {GovernGas} from "./gas/GovernGas.sol";
import {PeopleGas} from "./gas/PeopleGas.sol";
import {SettlementGas} from "./gas/SettlementGas.sol";
import {StakingGas} from "./gas/StakingGas.sol";

/// @notice Measures whole transactions (21,000 and call data included, refunds taken off) and wants what gas.snapshot
/// says, so that a change of cost is a change that someone reviews. GAS_UPDATE=true writes the file.
contract GasTest is AssetsGas, AuctionsGas, CompaniesGas, CreatorsGas, ExchangeGas, FractionsGas, GovernGas, PeopleGas, SettlementGas, StakingGas {
    string private constant FILE = "gas.snapshot";

    function test_GasIsAsReviewed() public {
        identities();
        mints();
        tradesBefore();
        royaltiesPaid();
        stakes();
        fractionalising();
        peersOfFractions();
        assetsAlone();
        batches();
        recoveries();
        consents();
        peers();
        governs();
        exchanges();
        founding();
        peersOfCompanies();
        issues();
        auctionsAndPanels();
        if (vm.envOr("GAS_UPDATE", false)) vm.writeFile(FILE, rows);
        eq(keccak256(bytes(rows)), keccak256(bytes(vm.readFile(FILE))), "gas.snapshot; see git diff after npm run gas");
    }

    function identities() private {
        bytes32 entry = keccak256(abi.encode(keccak256("Entry(address owner)"), patient));
        bytes memory signed = signature(PATIENT_KEY, digest(address(identity), entry));
        identity.enter(patient, signed);
        note("identity: enter");
    }

    function mints() private {
        mint("asset: enter, 1 payee, creator's first", keccak256("1"), 1);
        mint("asset: enter, 1 payee, creator's next", keccak256("2"), 1);
        mint("asset: enter, 2 payees, creator's first", CONTENT, 2);
        mint("asset: enter, 2 payees, creator's next", keccak256("3"), 2);
        vm.prank(patient);
        assets.transferFrom(patient, address(0xCAFE), tokenOf(keccak256("3"), usualSplit()));
        note("asset: transferFrom, receiver's first");
    }

    function mint(string memory what, bytes32 content, uint256 payees) private {
        Share[] memory split = usualSplit();
        uint256[] memory keys = usualKeys();
        if (payees == 1) {
            split = new Share[](1);
            split[0] = Share(other, 10_000);
            keys = new uint256[](1);
            keys[0] = OTHER_KEY;
        }
        bytes[] memory signatures = signaturesOf(content, 0, split, keys);
        vm.prank(relayer);
        assets.enter(content, 0, split, signatures);
        note(what);
    }

    function royaltiesPaid() private {
        IRoyalties royalties = IRoyalties(assets.royalties());
        IRoyalty till = IRoyalty(royalties.open(tokenOf(CONTENT, usualSplit())));
        note("royalties: open");
        vm.deal(address(till), 1 ether);
        till.distribute(address(0), CONTENT, usualSplit());
        note("royalty: distribute, 2 payees, their first");
        vm.deal(address(till), 2 ether);
        till.distribute(address(0), CONTENT, usualSplit());
        note("royalty: distribute, 2 payees, their next");
        till.withdraw(address(0), doctor);
        note("royalty: withdraw, to an account in use");
    }
}
