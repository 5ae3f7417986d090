// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @notice What the chain keeps of the buy-out of a vault.
/// @param bidder Who offers, or who has the asset if it is closed; zero if nobody offers.
/// @param pricePerFraction What is offered, or was paid, for each fraction.
/// @param endsAt Last moment to object or to offer more, unix seconds. After it anyone can close the vault.
/// @param number Counts the buy-outs; an objection is against one of them.
/// @param delayed Whether a tenth objected and the end was put off. It is put off once.
/// @param closed Whether the asset has left. That is final.
struct Buyout {
    address bidder;
    uint96 pricePerFraction;
    uint40 endsAt;
    uint32 number;
    bool delayed;
    bool closed;
}

/// @notice What a holder's locked fractions are counted for.
/// @param candidate Who is to be steward; zero is an objection.
/// @param round The number of the buy-out that is objected to, or of the election.
/// @param until Last moment in which they are locked, unix seconds.
struct Ballot {
    address candidate;
    uint32 round;
    uint40 until;
}

/// @title IFraction
/// @notice The vault of one asset, and its fractions: an ERC-20 token without decimals whose supply is fixed.
/// @dev Holders share what the vault earns, choose who sells its licences, and can be bought out all together. An ERC-20
/// error of ERC-6093 is used where there is one. No function needs a party's good will to let money or the asset out.
interface IFraction is IERC20Metadata, IERC20Permit, IERC20Errors, IERC1271 {
    /// @notice `holder` chose `candidate` as steward with `fractions`.
    event Chosen(address indexed candidate, address indexed holder, uint256 fractions);
    /// @notice What had come in was divided: `perFraction` for each fraction.
    event Collected(uint256 perFraction);
    /// @notice The buy-out was put off by objections of a tenth.
    event Delayed(uint32 indexed number, uint256 endsAt);
    /// @notice The buy-out failed by objections of more than half. The bidder is owed the money.
    event Failed(uint32 indexed number);
    /// @notice `holder` objects to the buy-out with `fractions`.
    event Objected(uint32 indexed number, address indexed holder, uint256 fractions);
    /// @notice `bidder` put down the price of all fractions.
    event Offered(uint32 indexed number, address indexed bidder, uint256 pricePerFraction, uint256 endsAt);
    /// @notice `holder` gave its fractions up for their price. A {Transfer} to zero comes with it.
    event Redeemed(address indexed holder, uint256 fractions);
    /// @notice The asset left the vault, for `pricePerFraction`; zero if `taker` had all fractions.
    event Closed(address indexed taker, uint256 pricePerFraction);
    /// @notice From now on `steward` signs for the vault, and nobody else.
    event StewardChanged(address indexed steward);
    /// @notice The fractions of `holder` can move again, and are counted for nothing.
    event Unlocked(address indexed holder, uint256 fractions);
    /// @notice What `payee` was owed was sent.
    event Withdrawn(address indexed payee, address indexed to, uint256 amount);

    /// @notice `signer` did not sign this.
    error BadSignature(address signer);
    /// @notice The permit ended.
    error Ended(uint256 endsAt);
    /// @notice The asset has left the vault.
    error IsClosed();
    /// @notice Not before there is a clone with an asset: the code that clones share holds nothing.
    error NoVault();
    /// @notice The caller has no fractions.
    error NoFractions(address caller);
    /// @notice Nobody offers to buy.
    error NoOffer();
    /// @notice The steward cannot be chosen to be zero.
    error NoSteward();
    /// @notice The caller does not have all fractions.
    error NotAll(uint256 fractions, uint256 supply);
    /// @notice Only the contract that makes the vaults may start one, and once.
    error NotFactory(address caller);
    /// @notice The asset is still here.
    error NotClosed();
    /// @notice Too little came in since the last time: less than one unit of the currency for each fraction. Or a fraction has had
    /// 2^96 - 1 units since the start, which is all it can have.
    error NothingToCollect();
    /// @notice The payee is owed nothing.
    error NothingOwed(address payee);
    /// @notice The holder has no locked fractions.
    error NothingLocked(address holder);
    /// @notice It is too early: not before `until` has passed.
    error TooEarly(uint256 until);
    /// @notice It is too late: the time ended at `endsAt`.
    error TooLate(uint256 endsAt);
    /// @notice The price for a fraction is less than `least`.
    error TooLow(uint256 least);
    /// @notice The amount does not fit: 2^96 units of the currency or more would be here.
    error TooMuch(uint256 amount);
    /// @notice The vault takes tokens of another currency only.
    error WrongCurrency();

    /// @notice Gives all fractions to `holder`. Once, by the contract that makes the vaults.
    function start(address holder) external;

    /// @notice Takes a dividend from the caller and divides it with whatever else came in. The cost does not depend on
    /// how many holders there are.
    /// @param amount Sent with the call, or approved if the currency is a token.
    function deposit(uint256 amount) external payable;

    /// @notice Takes what Exchange owes the vault, if it can be had, and divides what came in. Anyone may: money that was sent
    /// here plainly becomes a dividend by it too.
    /// @dev What does not divide by the supply stays, and is divided with what comes next. After the asset has left, it
    /// goes to the fractions that were not redeemed, and when there are none to who has the asset.
    function collect() external;

    /// @notice Sends a payee its dividends and what else it is owed. Anyone may call it; a payee that refuses harms
    /// itself alone.
    function withdraw(address payee) external;

    /// @notice Sends what the caller is owed to another address: for a payee that cannot receive.
    function withdrawTo(address to) external;

    /// @notice Offers to buy all fractions, and puts the price down. It cannot be taken back; it comes back if another
    /// offers more, or if holders of more than half object.
    /// @dev A first offer stands for {WINDOW}. A next one must be 5 % higher and makes it stand at least {LAST_CALL}.
    /// @param pricePerFraction In units of the currency; times the supply is what is taken.
    function offer(uint96 pricePerFraction) external payable;

    /// @notice Objects to the buy-out with all fractions of the caller, which are locked for {LOCK}. They keep earning.
    /// @dev Holders of a tenth put the end off by {DELAY}, once. Holders of more than half make it fail.
    function object() external;

    /// @notice Chooses a steward with all fractions of the caller, which are locked for {LOCK}. Who is chosen by holders
    /// of more than half is the steward at once.
    /// @dev Fractions are counted for one thing at a time: this takes back what they were counted for before, as
    /// {object} does. Both can be called again to count fractions that were got since.
    function choose(address candidate) external;

    /// @notice Unlocks the caller's fractions, and takes back what they are counted for.
    function unlock() external;

    /// @notice Gives the asset to the bidder whose offer stood until its end. Anyone may.
    function close() external;

    /// @notice Gives up the caller's fractions for their price once the asset was bought, and pays all that the caller is
    /// owed. Call {collect} before: who has redeemed gets nothing of what comes in later.
    /// @param to Where the money goes.
    function redeem(address to) external;

    /// @notice Gives the asset to the caller at once if it holds all fractions, which end. Who offered is owed the money.
    function reunite() external;

    /// @notice What a payee is owed.
    function owed(address payee) external view returns (uint256 amount);

    /// @notice How many fractions of a holder are locked.
    function lockedOf(address holder) external view returns (uint256 fractions);

    /// @notice What a holder's locked fractions are counted for. It means nothing if none are locked.
    function ballotOf(address holder) external view returns (Ballot memory);

    /// @notice How many fractions object to the buy-out.
    function objected() external view returns (uint256 fractions);

    /// @notice How many fractions are for a candidate in the election that is on. There always is one.
    function chosen(address candidate) external view returns (uint256 fractions);

    /// @notice The buy-out.
    function buyout() external view returns (Buyout memory);

    /// @notice Who signs for the vault.
    function steward() external view returns (address);

    /// @notice The asset.
    function tokenId() external view returns (uint256);

    /// @notice What dividends and offers are paid in: zero is the chain's own money, else an ERC-20 token.
    function currency() external view returns (address);
}
