// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IAssets, Share} from "../src/IAssets.sol";
import {Splits} from "../src/Splits.sol";
import {Fixture} from "./Fixture.sol";
import {Receiver} from "./hostile/Receiver.sol";
import {Wallet} from "./hostile/Wallet.sol";

contract AssetsTest is Fixture {
    function test_AnyoneCarriesAnAssetThatAllSigned() public {
        Share[] memory split = usualSplit();
        uint256 id = tokenOf(CONTENT, split);
        bytes[] memory signatures = signaturesOf(CONTENT, 0, split, usualKeys());
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Transfer(address(0), patient, id);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IAssets.Entered(id, 0, CONTENT, split);
        vm.prank(relayer);
        eq(assets.enter(CONTENT, 0, split, signatures), id, "token");
        eq(assets.ownerOf(id), patient, "owner");
        eq(assets.balanceOf(patient), 1, "balance");
        eq(assets.tokenOf(CONTENT, split), id, "tokenOf");
        isTrue(assets.entered(id) && !assets.entered(id + 1), "entered");
    }

    function test_TheSameAssetEntersOnce() public {
        uint256 id = enterUsual();
        bytes[] memory signatures = signaturesOf(CONTENT, 0, usualSplit(), usualKeys());
        wants(IAssets.AlreadyEntered.selector, id);
        assets.enter(CONTENT, 0, usualSplit(), signatures);
    }

    function test_NobodyIsNamedWhoDidNotSign() public {
        Share[] memory split = usualSplit();
        uint256[] memory keys = usualKeys();
        keys[1] = PATIENT_KEY;
        bytes[] memory signatures = signaturesOf(CONTENT, 0, split, keys);
        wants(IAssets.BadSignature.selector, doctor);
        assets.enter(CONTENT, 0, split, signatures);

        signatures = signaturesOf(CONTENT, 0, split, usualKeys());
        (signatures[0], signatures[1]) = (signatures[1], signatures[0]);
        wants(IAssets.BadSignature.selector, patient);
        assets.enter(CONTENT, 0, split, signatures);
    }

    function test_ASignatureHoldsForOneContentSplitAndParent() public {
        Share[] memory split = usualSplit();
        bytes[] memory signatures = signaturesOf(CONTENT, 0, split, usualKeys());
        wants(IAssets.BadSignature.selector, patient);
        assets.enter(keccak256("other content"), 0, split, signatures);
        Share[] memory greedy = splitOf(patient, 7000, doctor, 3000);
        wants(IAssets.BadSignature.selector, patient);
        assets.enter(CONTENT, 0, greedy, signatures);
        uint256 parent = enterUsual();
        bytes32 next = keccak256("next version");
        signatures = signaturesOf(next, 0, split, usualKeys());
        wants(IAssets.BadSignature.selector, patient);
        assets.enter(next, bytes32(parent), split, signatures);
    }

    function test_ThereIsOneSignatureForEachPayee() public {
        uint256[] memory keys = new uint256[](1);
        keys[0] = PATIENT_KEY;
        bytes[] memory one = signaturesOf(CONTENT, 0, usualSplit(), keys);
        wants(IAssets.SignatureCount.selector);
        assets.enter(CONTENT, 0, usualSplit(), one);
        keys = new uint256[](3);
        (keys[0], keys[1], keys[2]) = (PATIENT_KEY, DOCTOR_KEY, DOCTOR_KEY);
        bytes[] memory three = signaturesOf(CONTENT, 0, usualSplit(), keys);
        wants(IAssets.SignatureCount.selector);
        assets.enter(CONTENT, 0, usualSplit(), three);
    }

    function test_ASplitIsWholeAndNamesNobodyTwice() public {
        refuses(new Share[](0));
        refuses(splitOf(patient, 7000, doctor, 2999));
        refuses(splitOf(patient, 7000, doctor, 3001));
        refuses(splitOf(patient, 10_000, doctor, 0));
        refuses(splitOf(patient, 0, doctor, 10_000));
        refuses(splitOf(patient, 5000, patient, 5000));
        refuses(splitOf(address(0), 5000, doctor, 5000));
        refuses(splitOf(patient, 5000, address(0), 5000));
        refuses(manyPayees(65));
        Share[] memory twice = manyPayees(64);
        twice[63].payee = twice[1].payee;
        refuses(twice);
        assets.tokenOf(CONTENT, manyPayees(64));
        assets.tokenOf(CONTENT, manyPayees(1));
    }

    function refuses(Share[] memory split) private {
        bytes[] memory signatures = new bytes[](split.length);
        wants(IAssets.BadSplit.selector);
        assets.enter(CONTENT, 0, split, signatures);
        wants(IAssets.BadSplit.selector);
        assets.tokenOf(CONTENT, split);
    }

    function manyPayees(uint256 n) private pure returns (Share[] memory split) {
        split = new Share[](n);
        for (uint256 i = 0; i < n; ++i) {
            split[i] = Share(vm.addr(i + 1), uint16(i == 0 ? 10_000 - 100 * (n - 1) : 100));
        }
    }

    function test_SixtyFourPayeesFitInATransaction() public {
        Share[] memory split = manyPayees(64);
        uint256[] memory keys = new uint256[](64);
        for (uint256 i = 0; i < 64; ++i) {
            keys[i] = i + 1;
        }
        bytes[] memory signatures = signaturesOf(CONTENT, 0, split, keys);
        assets.enter(CONTENT, 0, split, signatures);
        // Far below the limit of one transaction, 2^24 gas (EIP-7825).
        isTrue(vm.lastCallGas().gasTotalUsed < 1_500_000, "gas");
    }

    function test_AParentMustExist() public {
        bytes32 next = keccak256("next version");
        Share[] memory split = usualSplit();
        bytes[] memory signatures = signaturesOf(next, bytes32(uint256(9)), split, usualKeys());
        wants(IAssets.NoSuchToken.selector, uint256(9));
        assets.enter(next, bytes32(uint256(9)), split, signatures);
        bytes32 parent = bytes32(enterUsual());
        signatures = signaturesOf(next, parent, split, usualKeys());
        assets.enter(next, parent, split, signatures);
        eq(assets.balanceOf(patient), 2, "balance");
    }

    function test_AContractMayBeAPayee() public {
        Wallet wallet = new Wallet();
        Share[] memory split = splitOf(patient, 5000, address(wallet), 5000);
        uint256[] memory keys = usualKeys();
        bytes[] memory signatures = signaturesOf(CONTENT, 0, split, keys);
        wants(IAssets.BadSignature.selector, address(wallet));
        assets.enter(CONTENT, 0, split, signatures);
        wallet.be(Wallet.Mood.Honest);
        assets.enter(CONTENT, 0, split, signatures);
    }

    function test_OnlyOwnerAndApprovedMove() public {
        uint256 id = enterUsual();
        wants(IAssets.NotApproved.selector, id, address(this));
        assets.transferFrom(patient, other, id);
        wants(IAssets.NotApproved.selector, id, address(this));
        assets.approve(address(this), id);

        vm.prank(patient);
        assets.approve(address(this), id);
        eq(assets.getApproved(id), address(this), "approved");
        wants(IAssets.NotOwner.selector, id, doctor);
        assets.transferFrom(doctor, other, id);
        wants(IAssets.ZeroAddress.selector);
        assets.transferFrom(patient, address(0), id);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Transfer(patient, other, id);
        assets.transferFrom(patient, other, id);
        eq(assets.ownerOf(id), other, "owner");
        eq(assets.balanceOf(patient), 0, "balance of who gave");
        eq(assets.balanceOf(other), 1, "balance of who got");
        eq(assets.getApproved(id), address(0), "an approval ends with the transfer");
        wants(IAssets.NotApproved.selector, id, address(this));
        assets.transferFrom(other, patient, id);
    }

    function test_AnOperatorMovesAndApproves() public {
        uint256 id = enterUsual();
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.ApprovalForAll(patient, relayer, true);
        vm.prank(patient);
        assets.setApprovalForAll(relayer, true);
        isTrue(assets.isApprovedForAll(patient, relayer), "operator");
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Approval(patient, doctor, id);
        vm.prank(relayer);
        assets.approve(doctor, id);
        vm.prank(doctor);
        assets.transferFrom(patient, doctor, id);
        vm.prank(relayer);
        wants(IAssets.NotApproved.selector, id, relayer);
        assets.transferFrom(doctor, relayer, id);
        wants(IAssets.ZeroAddress.selector);
        assets.setApprovalForAll(address(0), true);
    }

    /// A token moves by its owner, its operator and whom one of them approved; safely only to who answers; and an approval once.
    function testFuzz_OnlyItsOwnersWillMovesAToken(uint8 who, address stranger, uint8 way, bool deaf) public {
        vm.assume(stranger != address(0) && stranger != patient && stranger != relayer && stranger != doctor);
        uint256 id = enterUsual();
        address by = who % 4 == 0 ? patient : who % 4 == 1 ? relayer : who % 4 == 2 ? doctor : stranger;
        vm.prank(patient);
        assets.setApprovalForAll(relayer, true);
        vm.prank(who & 4 == 0 ? patient : relayer);
        assets.approve(doctor, id);
        vm.prank(stranger);
        wants(IAssets.NotApproved.selector, id, stranger);
        assets.approve(stranger, id);
        address to = deaf ? address(new Receiver()) : address(uint160(uint256(keccak256(abi.encode(stranger)))));
        bool may = who % 4 != 3 && (way % 3 == 0 || !deaf);
        isTrue(moves(by, patient, to, id, way % 3) == may, "moved");
        eq(assets.ownerOf(id), may ? to : patient, "owner");
        eq(assets.balanceOf(to), may ? 1 : 0, "to");
        eq(assets.getApproved(id), may ? address(0) : doctor, "an approval ends with the transfer");
        if (may) isTrue(!moves(by, to, patient, id, 0), "not back");
    }

    function moves(address by, address from, address to, uint256 id, uint256 way) private returns (bool ok) {
        vm.prank(by);
        if (way == 0) {
            try assets.transferFrom(from, to, id) {
                ok = true;
            } catch {}
        } else if (way == 1) {
            try assets.safeTransferFrom(from, to, id) {
                ok = true;
            } catch {}
        } else {
            try assets.safeTransferFrom(from, to, id, "data") {
                ok = true;
            } catch {}
        }
    }

    function test_ASafeTransferAsksTheReceiver() public {
        uint256 id = enterUsual();
        address deaf = address(new Receiver());
        vm.prank(patient);
        wants(IERC721Errors.ERC721InvalidReceiver.selector, deaf);
        assets.safeTransferFrom(patient, deaf, id);
        Taker taker = new Taker();
        vm.prank(patient);
        assets.safeTransferFrom(patient, address(taker), id, "hello");
        eq(assets.ownerOf(id), address(taker), "owner");
        eq(taker.got(), keccak256(abi.encode(patient, patient, id, bytes("hello"))), "what the receiver is told");
    }

    function test_ATransferToOneselfChangesNothing() public {
        uint256 id = enterUsual();
        vm.prank(patient);
        assets.transferFrom(patient, patient, id);
        eq(assets.balanceOf(patient), 1, "balance");
        eq(assets.ownerOf(id), patient, "owner");
    }

    function test_ItSaysWhatItIs() public {
        isTrue(assets.supportsInterface(0x01ffc9a7), "ERC-165");
        isTrue(assets.supportsInterface(0x80ac58cd), "ERC-721");
        isTrue(assets.supportsInterface(0x5b5e139f), "ERC-721 metadata");
        isTrue(assets.supportsInterface(0x2a55205a), "ERC-2981");
        isTrue(!assets.supportsInterface(0xffffffff), "ERC-165 wants no 0xffffffff");
        wants(IAssets.NoSuchToken.selector, uint256(7));
        assets.tokenURI(7);
        wants(IAssets.NoSuchToken.selector, uint256(7));
        assets.ownerOf(7);
        wants(IAssets.ZeroAddress.selector);
        assets.balanceOf(address(0));
        isTrue(bytes(assets.tokenURI(enterUsual())).length > 100, "a data URI");
    }

    function testFuzz_TheRoyaltyIsTheFloorOfATenth(uint256 price) public view {
        (, uint256 amount) = assets.royaltyInfo(1, price);
        eq(amount, price / 10, "royalty");
    }

    /// A split of any amount adds up to it; each share but the first is its floor; the first gains less than one wei a payee.
    function testFuzz_TheCutIsExact(uint256 amount, uint16[63] memory weights, uint8 count) public view {
        uint256 n = uint256(count) % 64 + 1;
        Share[] memory split = new Share[](n);
        uint256 left = 10_000;
        for (uint256 i = 1; i < n; ++i) {
            uint256 bps = uint256(weights[i - 1]) % (left - (n - i)) + 1;
            if (left - bps < n - i) bps = 1;
            split[i] = Share(address(uint160(i + 1)), uint16(bps));
            left -= bps;
        }
        split[0] = Share(address(1), uint16(left));
        uint256[] memory parts = this.cut(amount, split);
        uint256 rest = amount;
        for (uint256 i = 1; i < n; ++i) {
            // floor(amount · bps / 10,000) over the integers: amount = 10,000 q + r.
            eq(parts[i], amount / 10_000 * split[i].bps + (amount % 10_000) * split[i].bps / 10_000, "part");
            rest -= parts[i];
        }
        eq(parts[0], rest, "the first has the rest");
        uint256 floorOfFirst = amount / 10_000 * split[0].bps + (amount % 10_000) * split[0].bps / 10_000;
        isTrue(parts[0] - floorOfFirst < n, "the rest is less than a wei a payee");
    }

    function cut(uint256 amount, Share[] calldata split) external pure returns (uint256[] memory) {
        Splits.check(split);
        return Splits.cut(amount, split);
    }
}

/// @notice Takes safe transfers and remembers what it was told.
contract Taker {
    bytes32 public got;

    function onERC721Received(address by, address from, uint256 id, bytes calldata data) external returns (bytes4) {
        got = keccak256(abi.encode(by, from, id, data));
        return this.onERC721Received.selector;
    }
}
